"""Reports that an article of the knowledge base is outdated."""

import sqlalchemy as sa
from alembic import op

import records.tables

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_table(
        'article_reports',
        sa.Column('id', records.tables.RowId, nullable=False),
        sa.Column('centre', sa.String(), nullable=False),
        sa.Column('article', sa.String(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('at', records.tables.Instant(timezone=True), nullable=False),
        sa.Column('closed_by', sa.String(), nullable=True),
        sa.Column('closed_at', records.tables.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_article_reports')),
    )
    with op.batch_alter_table('article_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_reports_centre_article'), ['centre', 'article'])


def downgrade() -> None:
    op.drop_table('article_reports')

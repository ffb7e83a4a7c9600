"""What supervisors tell agents, and when it was read."""

import sqlalchemy as sa
from alembic import op

import records.tables

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.create_table(
        'notes',
        sa.Column('id', records.tables.RowId, nullable=False),
        sa.Column('centre', sa.String(), nullable=False),
        sa.Column('sender', sa.String(), nullable=False),
        sa.Column('sender_name', sa.String(), nullable=False),
        sa.Column('recipient', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('sent_at', records.tables.Instant(timezone=True), nullable=False),
        sa.Column('read_at', records.tables.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notes')),
    )
    with op.batch_alter_table('notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notes_centre_recipient'), ['centre', 'recipient'])


def downgrade() -> None:
    op.drop_table('notes')

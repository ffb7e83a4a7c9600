"""Whom a move rang, of a ringing and of a talk; of which consult a piece of transcript is."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    for table in ('offers', 'talks'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('leg', sa.String(), server_default='', nullable=False))
            batch_op.add_column(sa.Column('target', sa.String(), server_default='', nullable=False))
    with op.batch_alter_table('segments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('part', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('segments', schema=None) as batch_op:
        batch_op.drop_column('part')
    for table in ('talks', 'offers'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('target')
            batch_op.drop_column('leg')

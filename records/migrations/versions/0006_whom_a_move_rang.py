"""Of a ringing and of a talk: which recipient of a move it was, and whom it was to reach."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    for table in ('offers', 'talks'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('leg', sa.String(), server_default='', nullable=False))
            batch_op.add_column(sa.Column('target', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    for table in ('talks', 'offers'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('target')
            batch_op.drop_column('leg')

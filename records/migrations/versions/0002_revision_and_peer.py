"""Which applied city routed a call, and which exchange it was put through to."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.add_column('calls', sa.Column('revision', sa.Integer(), server_default='0', nullable=False))
    op.add_column('offers', sa.Column('peer', sa.String(), server_default='', nullable=False))
    op.add_column('talks', sa.Column('peer', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('talks', schema=None) as batch_op:
        batch_op.drop_column('peer')

    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.drop_column('peer')

    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_column('revision')

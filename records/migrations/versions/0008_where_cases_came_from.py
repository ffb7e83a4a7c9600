"""From which address a caller with a case's number was handed over: numbers are a house's own."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    with op.batch_alter_table('handed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('came_from', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('handed', schema=None) as batch_op:
        batch_op.drop_column('came_from')

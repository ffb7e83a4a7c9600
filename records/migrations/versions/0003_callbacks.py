"""Who is to be called back, and a number's calls found quickly."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.create_table('callbacks',
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('missed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_short', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.JSON(), nullable=False),
    sa.Column('claimed_by', sa.String(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['calls.call_id'], name=op.f('fk_callbacks_call_id_calls')),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_callbacks'))
    )
    with op.batch_alter_table('callbacks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_callbacks_centre_number'), ['centre', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_callbacks_centre_state_due_at'), ['centre', 'state', 'due_at'], unique=False)

    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calls_centre_ani_arrived_at'), ['centre', 'ani', 'arrived_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calls_centre_ani_arrived_at'))

    op.drop_table('callbacks')

"""Whose finished orders their citizens are asked about, and what they say."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.create_table('follow_ups',
    sa.Column('order_id', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('dials', sa.JSON(), nullable=False),
    sa.Column('attempts', sa.JSON(), nullable=False),
    sa.Column('claimed_by', sa.String(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mark', sa.Integer(), nullable=True),
    sa.Column('remark', sa.String(), nullable=False),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['work_orders.id'], name=op.f('fk_follow_ups_order_id_work_orders')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_follow_ups'))
    )
    with op.batch_alter_table('follow_ups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_ups_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_ups_centre_state_due_at'), ['centre', 'state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_ups_centre_handled_at'), ['centre', 'handled_at'], unique=False)


def downgrade() -> None:
    op.drop_table('follow_ups')

"""What other houses tell us, whose callers they hand over, and what we tell them."""

import sqlalchemy as sa
from alembic import op

import records.tables

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('told',
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('at', records.tables.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.call_id'], name=op.f('fk_told_call_id_calls')),
    sa.PrimaryKeyConstraint('centre', 'kind', 'line', 'number', name=op.f('pk_told'))
    )
    with op.batch_alter_table('told', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_told_call_id'), ['call_id'], unique=False)
    op.create_table('handed',
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('at', records.tables.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_handed'))
    )
    with op.batch_alter_table('handed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handed_centre_number'), ['centre', 'number'], unique=False)
    op.create_table('messages',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('made_at', records.tables.Instant(timezone=True), nullable=False),
    sa.Column('due_at', records.tables.Instant(timezone=True), nullable=False),
    sa.Column('sent_at', records.tables.Instant(timezone=True), nullable=True),
    sa.Column('error', sa.String(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=True),
    sa.Column('answered_at', records.tables.Instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_messages'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_state_due_at'), ['state', 'due_at'], unique=False)


def downgrade() -> None:
    op.drop_table('messages')
    op.drop_table('handed')
    op.drop_table('told')

"""What callers think of a call, whose place was kept, who called whom; seats' times; nuisance."""

import sqlalchemy as sa
from alembic import op

import records.tables

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.add_column(sa.Column('satisfaction', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('kept_at', records.tables.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('direction', sa.String(length=8), server_default='in', nullable=False))
        batch_op.add_column(sa.Column('about', sa.String(), nullable=True))
    op.create_table('seat_times',
    sa.Column('seat', sa.String(), nullable=False),
    sa.Column('since', records.tables.Instant(timezone=True), nullable=False),
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('call_id', sa.String(), nullable=True),
    sa.Column('until', records.tables.Instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('seat', 'since', name=op.f('pk_seat_times'))
    )
    with op.batch_alter_table('seat_times', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_times_centre_since'), ['centre', 'since'], unique=False)
    op.create_table('nuisance',
    sa.Column('id', records.tables.RowId, nullable=False),
    sa.Column('centre', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('added_by', sa.String(), nullable=False),
    sa.Column('added_at', records.tables.Instant(timezone=True), nullable=False),
    sa.Column('until', records.tables.Instant(timezone=True), nullable=False),
    sa.Column('removed_by', sa.String(), nullable=True),
    sa.Column('removed_at', records.tables.Instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nuisance'))
    )
    with op.batch_alter_table('nuisance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nuisance_centre_number'), ['centre', 'number'], unique=False)


def downgrade() -> None:
    op.drop_table('nuisance')
    op.drop_table('seat_times')
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_column('about')
        batch_op.drop_column('direction')
        batch_op.drop_column('kept_at')
        batch_op.drop_column('satisfaction')

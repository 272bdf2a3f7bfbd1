"""A run's row says what it was read from, so that a start reads only what has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("run") as run:
        run.add_column(sa.Column("mark", sa.String(), nullable=False, server_default=""))

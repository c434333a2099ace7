"""What the tables are made of: one naming of constraints, the number that counts rows, and the columns they share."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Number = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[str]:
    """An opaque random id as the key."""
    return Column("id", Text, primary_key=True)


def participant_column(nullable: bool = False) -> Column[str]:
    """Whom the row is about."""
    return Column("participant", Text, ForeignKey("participants.id"), nullable=nullable)

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship, synonym


class Base(DeclarativeBase):
    pass


class TaskDependencies(Base):
    __abstract__ = True

    task_id: Mapped[str] = mapped_column(sa.String(250), primary_key=True)
    run_id: Mapped[str] = mapped_column(sa.String(250), primary_key=True)


class TaskInstance(TaskDependencies):
    __tablename__ = "task_instance"
    id: Mapped[str] = mapped_column(sa.UUID(as_uuid=False), unique=True, nullable=False)
    _password: Mapped[str | None] = mapped_column("password", sa.Text())
    state: Mapped[str | None] = mapped_column(sa.String(20))
    pool: Mapped[str] = mapped_column(sa.String(256), nullable=False)
    executor_config: Mapped[dict] = mapped_column(sa.PickleType)

    __table_args__ = (
        sa.Index("ti_state", state),
        sa.Index("ti_pool", pool, state, "run_id"),
        sa.UniqueConstraint("task_id", "run_id", "id", name="task_instance_composite_key"),
    )

    @declared_attr
    def password(cls):
        return synonym("_password", descriptor=property(lambda self: self._password))


class Note(Base):
    __tablename__ = "task_instance_note"
    ti_id: Mapped[str] = mapped_column(sa.UUID(as_uuid=False), primary_key=True, nullable=False)
    content: Mapped[str | None] = mapped_column(sa.String(1000).with_variant(sa.Text(1000), "mysql"))
    task_instance = relationship("TaskInstance", uselist=False)

    __table_args__ = (
        sa.PrimaryKeyConstraint("ti_id", name="task_instance_note_pkey"),
        sa.ForeignKeyConstraint(
            (ti_id,), ["task_instance.id"], name="task_instance_note_ti_fkey", ondelete="CASCADE", onupdate="CASCADE"
        ),
    )

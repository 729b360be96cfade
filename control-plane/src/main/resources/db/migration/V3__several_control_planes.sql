-- Which control plane does a chore, until when by the clock of the database.
create table lease (
    name varchar(64) primary key,
    holder varchar(64) not null,
    held_until timestamp with time zone not null
);

-- One row that whoever adds to the metrics locks, so that two control planes never count the same requests twice.
create table metric_head (
    id smallint primary key,
    write_count bigint not null,
    check (id = 1)
);
insert into metric_head (id, write_count) values (1, 0);

-- Which control plane holds the edge's feed; null while none does.
alter table edge add column connected_to varchar(64);

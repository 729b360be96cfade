-- A snapshot that some edges try first. Until its end `feed_head.snapshot_version` stays what all others run, so
-- that whoever does not know of rollouts gives nobody a snapshot that is on trial.
create table rollout (
    snapshot_version bigint primary key,
    previous_version bigint not null,
    -- What every edge runs afterwards; null before the end.
    final_version bigint,
    -- 1 before the end and null after it: there is never more than one under way.
    under_way smallint unique,
    -- The rollout as it was asked for, and what became of its percentage: the edges whose place is below it.
    plan text not null,
    share_below bigint,
    author varchar(128) not null,
    comment varchar(1000) not null,
    started_at timestamp with time zone not null,
    -- Counts the changes of what follows; it is the ETag.
    revision integer not null,
    state varchar(16) not null,
    watched_since timestamp with time zone,
    watched_until timestamp with time zone,
    -- When somebody last looked: time that nobody watched does not count.
    looked_at timestamp with time zone,
    -- Since when too few canaries can be reached; null while enough can.
    lost_since timestamp with time zone,
    ended_at timestamp with time zone,
    ended_by varchar(128),
    reason varchar(1000),
    -- What was last seen on both sides, as the API shows it.
    figures text,
    foreign key (snapshot_version) references snapshot (version),
    foreign key (previous_version) references snapshot (version)
);

-- What one running control plane heard that the edges counted. Each writes its own row, and only ever whole.
create table rollout_count (
    snapshot_version bigint not null,
    writer varchar(36) not null,
    counts text not null,
    primary key (snapshot_version, writer),
    foreign key (snapshot_version) references rollout (snapshot_version)
);

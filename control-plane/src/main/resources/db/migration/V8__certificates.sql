-- Each certificate in its latest version. The private key lies sealed, under a key that is not in the database.
create table certificate (
    id varchar(36) primary key,
    name varchar(64) not null unique,
    version bigint not null,
    chain text not null,
    -- What the chain's first certificate was made for, one a line.
    names text not null,
    sealed_key text not null,
    -- Which secrets key it was sealed under.
    secrets_key_id varchar(32) not null,
    author varchar(128) not null,
    created_at timestamp with time zone not null,
    saved_at timestamp with time zone not null,
    comment varchar(1000) not null
);

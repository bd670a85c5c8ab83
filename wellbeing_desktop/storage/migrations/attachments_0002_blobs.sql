-- The bytes of files, in the second encrypted file of a store. A blob is named by the SHA-256 of all its bytes.
-- `have` counts the bytes that are here; `touched_at` is when somebody last put something in, for sweeping orphans.
CREATE TABLE blob (
    sha TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    have INTEGER NOT NULL,
    state TEXT NOT NULL,
    touched_at TEXT NOT NULL
);

-- 1 MiB each, the last one what is left.
CREATE TABLE blob_part (
    sha TEXT NOT NULL,
    i INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (sha, i)
);

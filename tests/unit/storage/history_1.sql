-- The oldest schema that Hearth wrote, with a chat in it. Never change this file.
PRAGMA foreign_keys = OFF;
BEGIN;
PRAGMA application_id = 1213355080;
PRAGMA user_version = 1;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE chats (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            tip_id TEXT,
            deleted_at INTEGER,
            FOREIGN KEY (id, tip_id) REFERENCES messages (chat_id, id)
        ) STRICT;
CREATE TABLE messages (
            id TEXT PRIMARY KEY,
            chat_id TEXT NOT NULL REFERENCES chats (id),
            parent_id TEXT,
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            text TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('streaming', 'done', 'stopped', 'interrupted', 'failed')),
            error_code TEXT NOT NULL DEFAULT '',
            created_at INTEGER NOT NULL,
            UNIQUE (chat_id, id),
            FOREIGN KEY (chat_id, parent_id) REFERENCES messages (chat_id, id)
        ) STRICT;
CREATE TABLE answers (
            message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            model_name TEXT NOT NULL,
            options TEXT NOT NULL,
            seed INTEGER,
            prompt_tokens INTEGER,
            cached_tokens INTEGER,
            completion_tokens INTEGER,
            context_tokens INTEGER,
            first_token_ms REAL,
            prompt_per_second REAL,
            predicted_per_second REAL,
            finish_reason TEXT
        ) STRICT;
INSERT INTO "_sqlite_migrations" VALUES (1, 'hearth', 'chats_and_messages', '2026-11-21 09:21:19.021063+00:00');
INSERT INTO "chats" VALUES ('01a1fd68-feae-7000-867e-207db58e2788', 'Tea', 1795252879022156, 1795252879032938, '01a1fd68-feb3-7000-81cf-f3db3c9f714d', NULL);
INSERT INTO "messages" VALUES ('01a1fd68-feaf-7000-bb2d-26b93052646a', '01a1fd68-feae-7000-867e-207db58e2788', NULL, 'user', 'What is tea?', 'done', '', 1795252879023238);
INSERT INTO "messages" VALUES ('01a1fd68-feb2-7000-b1ea-3362e5340757', '01a1fd68-feae-7000-867e-207db58e2788', NULL, 'user', 'What is coffee?', 'done', '', 1795252879026280);
INSERT INTO "messages" VALUES ('01a1fd68-feb3-7000-81cf-f3db3c9f714d', '01a1fd68-feae-7000-867e-207db58e2788', '01a1fd68-feaf-7000-bb2d-26b93052646a', 'assistant', 'A leaf.', 'done', '', 1795252879027846);
INSERT INTO "answers" VALUES ('01a1fd68-feb3-7000-81cf-f3db3c9f714d', 'sha256:00', 'Tiny', '{"temperature": 0.5}', 7, 1, 2, 3, 4, 5.5, 6.5, 7.5, 'stop');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX messages_by_parent ON messages (chat_id, parent_id);
CREATE INDEX messages_unfinished ON messages (state) WHERE state = 'streaming';
COMMIT;
PRAGMA foreign_keys = ON;

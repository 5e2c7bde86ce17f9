SET client_min_messages = warning;
CREATE TABLE IF NOT EXISTS entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author text NOT NULL CHECK (author <> ''),
  message text NOT NULL CHECK (message <> ''),
  written_at timestamptz NOT NULL DEFAULT now()
);

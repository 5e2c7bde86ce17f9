SET client_min_messages = warning;
CREATE INDEX IF NOT EXISTS entry_newest_first ON entry (written_at DESC, id DESC);

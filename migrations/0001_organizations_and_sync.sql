-- Tenants, people, connections and what a sync keeps. The books follow in 0002.
-- Every table carries organization_id and a row-level security policy on it: see the end of this file.
--
-- A foreign key to a table of tenants carries organization_id beside the id: its check runs as the owner, past row-level
-- security, so that an id alone would let a row point into another organization.

CREATE FUNCTION current_organization() RETURNS uuid
  LANGUAGE sql STABLE
  RETURN nullif(current_setting('tributary.organization_id', true), '')::uuid;

-- Row-level security for one tenant table; every migration calls it for each table that it makes.
CREATE PROCEDURE isolate_by_organization(table_name text)
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
  EXECUTE format(
    -- The sub-select makes the setting be read once a statement, not once a row.
    'CREATE POLICY by_organization ON %I USING (organization_id = (SELECT current_organization())) WITH CHECK (organization_id = (SELECT current_organization()))',
    table_name
  );
END
$$;

CREATE TABLE organizations (
  organization_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A legal company with its own books. Test data lives in entities of mode 'test' and can never reach live ones.
CREATE TABLE entities (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  base_currency text NOT NULL CHECK (base_currency ~ '^[A-Z]{3}$'),
  time_zone text NOT NULL DEFAULT 'UTC',
  terms_days integer NOT NULL DEFAULT 30 CHECK (terms_days BETWEEN 0 AND 3650),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, mode, name),
  UNIQUE (organization_id, id)
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'viewer')),
  password_hash text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_signed_in_at timestamptz,
  UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE sessions (
  token_hash text PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  user_agent text,
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  name text NOT NULL,
  key_hash text NOT NULL UNIQUE,
  key_prefix text NOT NULL,
  scopes text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- The answer of a POST, kept for a day under the caller's key: the same request again gets the same answer.
CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL REFERENCES organizations,
  actor text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  status integer,
  response jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, actor, key)
);

-- Who did what. Written in the transaction of the deed itself; nobody updates or deletes it.
CREATE TABLE audit_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  connection_id uuid,
  run_id uuid,
  before jsonb,
  after jsonb
);
CREATE INDEX audit_entries_subject ON audit_entries (organization_id, subject_type, subject_id, id);
CREATE INDEX audit_entries_connection ON audit_entries (connection_id, id) WHERE connection_id IS NOT NULL;

CREATE TABLE connections (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  entity_id uuid NOT NULL,
  connector text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  -- What the authorization says; 'setup_incomplete' is derived from the accounts and never stored.
  status text NOT NULL CHECK (status IN ('connected', 'paused', 'error', 'not_connected')),
  account_id text NOT NULL,
  account_name text NOT NULL,
  account_currency text NOT NULL,
  account_time_zone text NOT NULL,
  account_ui_url text,
  -- Host overrides of this connection (API base, consent page base), client id of its own app.
  endpoint jsonb NOT NULL DEFAULT '{}',
  auth_kind text NOT NULL CHECK (auth_kind IN ('oauth', 'token')),
  -- Sealed with the secret key, the connection's id as context; null after a disconnect.
  credentials_sealed text,
  credentials_expire_at timestamptz,
  scopes text[] NOT NULL DEFAULT '{}',
  -- Pipelines and properties as read last (SourceSchema).
  remote_schema jsonb,
  remote_schema_read_at timestamptz,
  connected_by text NOT NULL,
  connected_at timestamptz NOT NULL DEFAULT now(),
  last_successful_sync_at timestamptz,
  last_error jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, connector, account_id, mode),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

CREATE TABLE oauth_requests (
  state_hash text PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  connector text NOT NULL,
  requested_by text NOT NULL,
  -- Sealed: the PKCE verifier and, where given, the client secret of the connection's own app.
  secrets_sealed text NOT NULL,
  parameters jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE configurations (
  organization_id uuid NOT NULL REFERENCES organizations,
  connection_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  settings jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  comment text,
  PRIMARY KEY (connection_id, version),
  FOREIGN KEY (organization_id, connection_id) REFERENCES connections (organization_id, id)
);

-- Filled in bulk by syncs, so without foreign keys: a check a row would cost a third of the insert, and row-level security holds the
-- organization.
-- The record of the CRM as read last. `pending`: it has to be planned. `hydrated`: it was read whole, with what it points at.
CREATE TABLE source_records (
  organization_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  object_type text NOT NULL CHECK (object_type IN ('deal', 'company', 'contact', 'line_item', 'product', 'owner')),
  source_id text NOT NULL,
  version timestamptz NOT NULL,
  archived boolean NOT NULL DEFAULT false,
  -- Set when the record was merged into another one.
  survivor_id text,
  properties jsonb NOT NULL,
  facts jsonb NOT NULL,
  associations jsonb,
  -- Ids that this deal points at, each as 'type:id': how a changed line item finds its deal.
  related text[] NOT NULL DEFAULT '{}',
  url text,
  content_hash text NOT NULL,
  hydrated boolean NOT NULL DEFAULT false,
  pending boolean NOT NULL DEFAULT false,
  -- The run that planned it last, and what it decided: `fail` and `hold` stay pending.
  planned_run_id uuid,
  title text NOT NULL DEFAULT '',
  decision text,
  code text,
  reason text,
  PRIMARY KEY (connection_id, object_type, source_id)
);
CREATE INDEX source_records_pending ON source_records (connection_id, source_id) WHERE pending AND object_type = 'deal';
CREATE INDEX source_records_version ON source_records (connection_id, object_type, version);

-- Where the pull stands: written in the transaction that stages the page it belongs to.
CREATE TABLE pull_cursors (
  organization_id uuid NOT NULL REFERENCES organizations,
  connection_id uuid PRIMARY KEY,
  cursor jsonb,
  -- The configuration that the pending flags were set for last.
  configuration_version integer,
  -- Property names read so far, by record type, and types listed whole: wanting more means reading again.
  read_scope jsonb,
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (organization_id, connection_id) REFERENCES connections (organization_id, id)
);

-- The pair (source record ↔ record of the books). Its key is what stands between a retry and a second invoice.
CREATE TABLE links (
  organization_id uuid NOT NULL,
  connector text NOT NULL,
  account_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  source_object text NOT NULL,
  source_id text NOT NULL,
  target text NOT NULL CHECK (target IN ('document', 'customer', 'contact', 'item', 'sales_rep')),
  revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  entity_id uuid NOT NULL,
  target_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'unsynced')),
  fingerprint text NOT NULL,
  applied jsonb NOT NULL DEFAULT '{}',
  source_version timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, connector, account_id, mode, source_object, source_id, target, revision)
);
CREATE INDEX links_target ON links (target_id);

-- One sync, preview or retry. The row is also the job: a worker claims it with a lease and renews the lease while it works.
CREATE TABLE runs (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  connection_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('sync', 'preview', 'retry')),
  trigger text NOT NULL CHECK (trigger IN ('manual', 'schedule', 'webhook', 'import', 'first_sync')),
  requested_by text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'succeeded_with_failures', 'failed', 'canceled')),
  configuration_version integer,
  -- For a retry: the records to plan again.
  scope jsonb,
  progress jsonb NOT NULL DEFAULT '{}',
  counts jsonb NOT NULL DEFAULT '{}',
  counts_by_type jsonb NOT NULL DEFAULT '{}',
  totals jsonb NOT NULL DEFAULT '[]',
  calls integer NOT NULL DEFAULT 0,
  error jsonb,
  cancel_requested boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  lease_owner text,
  lease_expires_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, connection_id) REFERENCES connections (organization_id, id)
);
CREATE INDEX runs_connection ON runs (connection_id, created_at DESC);
-- One going and one waiting for a connection and kind: a third request joins the waiting one.
CREATE UNIQUE INDEX runs_one_running ON runs (connection_id) WHERE status = 'running';
CREATE UNIQUE INDEX runs_one_queued ON runs (connection_id, kind) WHERE status = 'queued';
CREATE INDEX runs_open ON runs (status, created_at) WHERE status IN ('queued', 'running');

-- What a run decided about each record that it looked at.
CREATE TABLE run_records (
  organization_id uuid NOT NULL,
  run_id uuid NOT NULL,
  source_type text NOT NULL,
  source_id text NOT NULL,
  title text NOT NULL DEFAULT '',
  decision text NOT NULL CHECK (decision IN ('create', 'update', 'unchanged', 'skip', 'hold', 'fail')),
  -- Null in a preview, which carries nothing out.
  outcome text CHECK (outcome IN ('created', 'updated', 'unchanged', 'skipped', 'held', 'failed')),
  code text,
  reason text NOT NULL,
  warnings jsonb NOT NULL DEFAULT '[]',
  changes jsonb NOT NULL DEFAULT '[]',
  -- Of a preview: the document that it would become, as wire JSON.
  document jsonb,
  document_id uuid,
  currency text,
  amount_minor bigint,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, source_type, source_id),
  FOREIGN KEY (organization_id, run_id) REFERENCES runs (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX run_records_source ON run_records (organization_id, source_type, source_id, at DESC);

CALL isolate_by_organization('organizations');
CALL isolate_by_organization('entities');
CALL isolate_by_organization('users');
CALL isolate_by_organization('sessions');
CALL isolate_by_organization('api_keys');
CALL isolate_by_organization('idempotency_keys');
CALL isolate_by_organization('audit_entries');
CALL isolate_by_organization('connections');
CALL isolate_by_organization('oauth_requests');
CALL isolate_by_organization('configurations');
CALL isolate_by_organization('source_records');
CALL isolate_by_organization('pull_cursors');
CALL isolate_by_organization('links');
CALL isolate_by_organization('runs');
CALL isolate_by_organization('run_records');

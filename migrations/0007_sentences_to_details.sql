-- The sentences that earlier versions wrote into `reason` become details. Entries are locked by nobody else, so that
-- what runs meanwhile goes on. What is not recognised is kept as it stands.

CREATE FUNCTION way_of(place text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN place = 'the member' THEN '{"way": "member"}'::jsonb
        WHEN place ~ '^channel \d{1,19}$' THEN
            jsonb_build_object('way', 'channel', 'channel', substring(place FROM '\d+')::numeric)
        WHEN place ~ '^the log channel \d{1,19}$' THEN
            jsonb_build_object('way', 'log', 'channel', substring(place FROM '\d+')::numeric)
    END
$$;

CREATE FUNCTION notice_of(named text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN named = 'news of the end' THEN '{"notice": "ended"}'::jsonb
        WHEN named = 'news of an obstacle' THEN '{"notice": "blocked"}'::jsonb
        WHEN named = 'news that an obstacle is gone' THEN '{"notice": "resolved"}'::jsonb
        WHEN named = 'warning' THEN '{"notice": "warning"}'::jsonb
        WHEN named ~ '^\d{1,9}-minute warning$' THEN
            jsonb_build_object('notice', 'warning', 'threshold', substring(named FROM '^\d+')::numeric * 60)
        WHEN named ~ '^\d{1,9}(\.\d{1,9})?(e\+\d\d)?-second warning$' THEN
            jsonb_build_object('notice', 'warning', 'threshold', substring(named FROM '^[^-]+')::numeric)
    END
$$;

-- "channel 1: Discord's words; the member: Discord's words", where these words may have colons and semicolons, too.
CREATE FUNCTION refusals_of(tried text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN bool_and(parts IS NOT NULL) THEN
        jsonb_agg(way_of(parts[1]) || jsonb_build_object('error', parts[2], 'barrier', 'unknown') ORDER BY place)
    END
    FROM regexp_split_to_table(tried, '; (?=(?:the member|channel \d{1,19}|the log channel \d{1,19}): )')
        WITH ORDINALITY AS one (tried, place),
        regexp_match(one.tried, '^(the member|channel \d{1,19}|the log channel \d{1,19}): (.*)$') AS parts
$$;

CREATE FUNCTION why_untold(why text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE regexp_replace(why, '; whether it was sent is not known$', '')
        WHEN 'too late' THEN '{"kind": "dropped", "why": "too_late"}'::jsonb
        WHEN 'superseded by a newer notice' THEN '{"kind": "dropped", "why": "superseded"}'::jsonb
        WHEN 'superseded by a timer that goes on' THEN '{"kind": "dropped", "why": "outdated"}'::jsonb
        WHEN 'the server left no way to tell it' THEN '{"kind": "dropped", "why": "no_way"}'::jsonb
    END || jsonb_build_object('perhaps_sent', why LIKE '%; whether it was sent is not known')
$$;

CREATE FUNCTION detail_of(action text, said text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parts text[];
    found jsonb;
BEGIN
    CASE
        WHEN action = 'take_again' AND said = 'given after the end' THEN
            RETURN NULL;  -- the action says it
        WHEN action = 'role_deleted' AND said LIKE 'its name was %' THEN
            RETURN jsonb_build_object('kind', 'role_named', 'name', substring(said FROM '^its name was (.*)$'));
        WHEN action = 'delivered' THEN
            parts := regexp_match(said, '^(.*) to (the member|channel \d+|the log channel \d+)$');
            found := '{"kind": "told"}'::jsonb || notice_of(parts[1]) || way_of(parts[2]);
        WHEN action = 'undelivered' THEN
            parts := regexp_match(said, '^(.*?): (.*)$');
            found := notice_of(parts[1]) || coalesce(
                why_untold(parts[2]),
                jsonb_build_object('kind', 'refused', 'refusals', refusals_of(parts[2]))
            );
            IF found -> 'refusals' = 'null' THEN
                found := NULL;
            END IF;
        WHEN said = 'Discord confirmed' THEN
            found := '{"kind": "confirmed"}';
        WHEN said ~ '^nothing to remove, no such (member|role): ' THEN
            parts := regexp_match(said, '^nothing to remove, no such (member|role): (.*)$');
            found := jsonb_build_object('kind', 'nothing_there', 'what', parts[1], 'error', parts[2]);
        WHEN said LIKE 'not confirmed: %' THEN
            found := jsonb_build_object('kind', 'unconfirmed', 'error', substring(said FROM '^not confirmed: (.*)$'));
        WHEN said LIKE 'held back: %' THEN
            found := jsonb_build_object('kind', 'limit_reached', 'error', substring(said FROM '^held back: (.*)$'));
        WHEN said ~ '^blocked by (missing_permissions|guild_gone|role_not_assignable|refused): ' THEN
            parts := regexp_match(said, '^blocked by (\w+): (.*)$');
            found := jsonb_build_object('kind', 'obstructed', 'obstacle', parts[1], 'error', parts[2]);
        ELSE
            found := NULL;
    END CASE;
    RETURN coalesce(found, jsonb_build_object('kind', 'text', 'text', said));
END
$$;

-- Most entries share their sentence with thousands of others.
WITH written AS (
    SELECT DISTINCT action, reason FROM ledger
    WHERE reason IS NOT NULL AND (actor_id IS NULL OR action IN ('put_back', 'take_again'))
),
carried AS MATERIALIZED (SELECT action, reason, detail_of(action, reason) AS detail FROM written)
UPDATE ledger SET detail = carried.detail, reason = NULL FROM carried
WHERE (ledger.action, ledger.reason) = (carried.action, carried.reason)
    AND (actor_id IS NULL OR ledger.action IN ('put_back', 'take_again'));

DROP FUNCTION detail_of, why_untold, refusals_of, notice_of, way_of;

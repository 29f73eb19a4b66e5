#!/bin/sh
# Copies everything from the bot's SQLite database into its PostgreSQL database. docs/operate/move.md says when.
# docs/operate/sqlite-to-postgres.sh data/parrotfish.db "$DATABASE_URL"
set -eu
from=$1
to=$2

for table in server person opt_out opt_in ignored word last_import ledger clone doomed_voice stay welcome shown_status \
  guild_left; do
  columns=$(sqlite3 -readonly "$from" "select group_concat(name) from pragma_table_info('$table')")
  if [ -z "$columns" ]; then
    echo "$from has no table $table: it is of another version of the bot" >&2
    exit 1
  fi
  sqlite3 -readonly -csv "$from" "select $columns from $table" |
    psql "$to" --quiet --set=ON_ERROR_STOP=1 --command="truncate $table" \
      --command="\\copy $table ($columns) from stdin csv"
  echo "$table: $(sqlite3 -readonly "$from" "select count(*) from $table") rows"
done

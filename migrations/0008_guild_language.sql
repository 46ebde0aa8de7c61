-- The language of what everybody in the guild reads, as CLDR names it; null: that of the guild's Discord locale.
ALTER TABLE guild_settings ADD COLUMN language text;

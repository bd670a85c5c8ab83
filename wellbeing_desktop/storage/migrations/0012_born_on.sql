-- Whoever is looked for by a birth date alone: the duplicate check asks for it while somebody types.
CREATE INDEX person_words_born_on ON person_words (born_on);

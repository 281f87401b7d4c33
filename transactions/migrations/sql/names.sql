-- Counterparties are looked for, and compared, by a key: what the spellings of a name have in common.
-- name_key() is names.key of Python in SQL, since PostgreSQL 17 has no casefold(); tests/transactions/test_name_key.py
-- compares the two for every character. It is a column, so the search needs only `textlike` to be LEAKPROOF.

-- Names with letters whose key has several letters, or with invisible or combining characters.
create function rare_name_key(name text) returns text
language plpgsql immutable strict parallel safe as $$
declare
    letters constant text[] := string_to_array(E'\u00DF|\u0149|\u0587|\u1E9A|\u1F80|\u1F81|\u1F82|\u1F83|\u1F84|\u1F85|\u1F86|\u1F87|'
            '\u1F90|\u1F91|\u1F92|\u1F93|\u1F94|\u1F95|\u1F96|\u1F97|\u1FA0|\u1FA1|\u1FA2|\u1FA3|'
            '\u1FA4|\u1FA5|\u1FA6|\u1FA7|\u1FB2|\u1FB3|\u1FB4|\u1FB7|\u1FC2|\u1FC3|\u1FC4|\u1FC7|'
            '\u1FF2|\u1FF3|\u1FF4|\u1FF7|\uFB00|\uFB01|\uFB02|\uFB03|\uFB04|\uFB05|\uFB06|\uFB13|'
            '\uFB14|\uFB15|\uFB16|\uFB17', '|');
    keys constant text[] := string_to_array(E'ss|\u02BCn|\u0565\u0582|a\u02BE|\u1F00\u03B9|\u1F01\u03B9|\u1F02\u03B9|\u1F03\u03B9|'
            '\u1F04\u03B9|\u1F05\u03B9|\u1F06\u03B9|\u1F07\u03B9|\u1F20\u03B9|\u1F21\u03B9|\u1F22'
            '\u03B9|\u1F23\u03B9|\u1F24\u03B9|\u1F25\u03B9|\u1F26\u03B9|\u1F27\u03B9|\u1F60\u03B9|'
            '\u1F61\u03B9|\u1F62\u03B9|\u1F63\u03B9|\u1F64\u03B9|\u1F65\u03B9|\u1F66\u03B9|\u1F67'
            '\u03B9|\u1F70\u03B9|\u03B1\u03B9|\u03AC\u03B9|\u1FB6\u03B9|\u1F74\u03B9|\u03B7\u03B9|'
            '\u03AE\u03B9|\u1FC6\u03B9|\u1F7C\u03B9|\u03C9\u03B9|\u03CE\u03B9|\u1FF6'
            '\u03B9|ff|fi|fl|ffi|ffl|st|st|\u0574\u0576|\u0574\u0565|\u0574\u056B|\u057E\u0576|'
            '\u0574\u056D', '|');
    key text := normalize(regexp_replace(name, '[\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u17B4\u17B5'
            '\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0'
            '\uFFF0-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-'
            '\U0001D17A\U000E0000-\U000E0FFF]', '', 'g'));
begin
    key := lower(key collate "pg_c_utf8");
    if key ~ '[\u00DF\u0149\u0587\u1E9A\u1E9E\u1F80-\u1FAF\u1FB2-\u1FB4\u1FB7\u1FBC\u1FC2-\u1FC4'
            '\u1FC7\u1FCC\u1FF2-\u1FF4\u1FF7\u1FFC\uFB00-\uFB06\uFB13-\uFB17]' then
        for place in 1 .. cardinality(letters) loop
            key := replace(key, letters[place], keys[place]);
        end loop;
    end if;
    key := regexp_replace(key, 'i\u0307+', 'i', 'g');
    return normalize(translate(key, E'\u00B5\u0131\u017F\u0345\u03C2\u03D0\u03D1\u03D5\u03D6\u03F0\u03F1\u03F5\u1C80\u1C81'
            '\u1C82\u1C83\u1C84\u1C85\u1C86\u1C87\u1C88\u1E9B\u0451', E'\u03BCis\u03B9\u03C3\u03B2\u03B8\u03C6\u03C0\u03BA\u03C1\u03B5\u0432\u0434\u043E\u0441'
                    '\u0442\u0442\u044A\u0463\uA64B\u1E61\u0435'));
end $$;

create function name_key(name text) returns text
language sql immutable parallel safe
return
    case
        when octet_length(name) = length(name) then lower(name collate "pg_c_utf8")
        when name ~ '[\u00DF\u0149\u0587\u1E9A\u1E9E\u1F80-\u1FAF\u1FB2-\u1FB4\u1FB7\u1FBC\u1FC2-\u1FC4'
                '\u1FC7\u1FCC\u1FF2-\u1FF4\u1FF7\u1FFC\uFB00-\uFB06\uFB13-\uFB17\u0300-\u036F\u00AD'
                '\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u17B4\u17B5\u180B-'
                '\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-'
                '\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-'
                '\U0001D17A\U000E0000-\U000E0FFF]' then rare_name_key(name)
        else translate(
            lower(normalize(name) collate "pg_c_utf8"), E'\u00B5\u0131\u017F\u0345\u03C2\u03D0\u03D1\u03D5\u03D6\u03F0\u03F1\u03F5\u1C80\u1C81'
                    '\u1C82\u1C83\u1C84\u1C85\u1C86\u1C87\u1C88\u1E9B\u0451', E'\u03BCis\u03B9\u03C3\u03B2\u03B8\u03C6\u03C0\u03BA\u03C1\u03B5\u0432\u0434\u043E\u0441'
                            '\u0442\u0442\u044A\u0463\uA64B\u1E61\u0435')
    end
    || case
        when name collate "C" < ':'
            and name ~ '^[+(]*[0-9][0-9 ()./\u00A0\u2010-\u2015\u2212-]*$' and name !~ '^[+]*[0-9]+$'
            then chr(31) || regexp_replace(name, '[^0-9]+', '', 'g')
        else ''
    end;

-- The last ten digits of a phone number: +880 or 0 may stand before them.
create function phone_digits(name text) returns text
language sql immutable parallel safe
return
    case when name ~ '^[+(]*[0-9][0-9 ()./\u00A0\u2010-\u2015\u2212-]*$' then
        substring(ltrim(regexp_replace(name, '[^0-9]+', '', 'g'), '0') from '^[0-9]{0,3}([0-9]{10})$')
    end;

create function is_same_name(one text, other text) returns boolean
language sql immutable parallel safe
return name_key(one) = name_key(other)
    or coalesce(phone_digits(one) = phone_digits(other), false);

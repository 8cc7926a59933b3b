#include "facts/files.h"

#include <stdio.h>

#define MODE_MAX 8

const facts_tls *facts_files_tls(const facts_files *files)
{
    return &files->names[0].hop.exchange.tls;
}

static bool is_accepted(const facts_file_name *name)
{
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (name->takings[engine].known && !name->takings[engine].accepts)
            return false;
    return true;
}

bool facts_files_are_accepted(const facts_files *files)
{
    for (size_t i = 0; i < files->name_count; i++)
        if (!is_accepted(&files->names[i]))
            return false;
    return files->key == NULL || files->key->fits == 0;
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_taking(facts_engine engine, const facts_taking *taking, base_json *json)
{
    const facts_browser browser = facts_engine_browser(engine);

    base_json_object_begin(json);
    base_json_key_string(json, "browser", facts_browser_name(browser));
    base_json_key(json, "accepts");
    if (taking->known)
        base_json_bool(json, taking->accepts);
    else
        base_json_null(json);
    base_json_key_string(json, "code", taking->accepts ? NULL : taking->page.shown[browser].code);
    base_json_key_string(json, "cause", taking->accepts ? NULL : taking->page.cause);
    base_json_object_end(json);
}

static void write_names(const facts_files *files, base_json *json)
{
    base_json_key(json, "names");
    base_json_array_begin(json);
    for (size_t i = 0; i < files->name_count; i++) {
        const facts_file_name *name = &files->names[i];

        base_json_object_begin(json);
        base_json_key_string(json, "name", name->name);
        base_json_key_bool(json, "accepted", is_accepted(name));
        base_json_key(json, "browsers");
        base_json_array_begin(json);
        for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
            write_taking(engine, &name->takings[engine], json);
        base_json_array_end(json);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_key(const facts_key_file *key, base_json *json)
{
    char mode[MODE_MAX];

    base_json_key(json, "key");
    if (key == NULL) {
        base_json_null(json);
        return;
    }
    snprintf(mode, sizeof mode, "%04o", key->mode & 07777u);
    base_json_object_begin(json);
    base_json_key_string(json, "file", key->path);
    base_json_key_string(json, "key_type", key->type);
    base_json_key_int(json, "key_bits", key->bits);
    base_json_key_bool(json, "matches", key->fits == 0);
    base_json_key(json, "matches_certificate");
    if (key->fits >= 0)
        base_json_int(json, key->fits);
    else
        base_json_null(json);
    base_json_key_string(json, "mode", key->mode != 0 ? mode : NULL);
    base_json_key_bool(json, "readable_by_others", key->is_open);
    base_json_object_end(json);
}

void facts_files_json(const facts_files *files, base_json *json)
{
    base_json_key_string(json, "chain", files->path);
    write_key(files->key, json);
    base_json_key_bool(json, "accepted", facts_files_are_accepted(files));
    base_json_key_time(json, "certificate_until", facts_tls_until(facts_files_tls(files)));
    write_names(files, json);
    base_json_key(json, "tls");
    facts_tls_json(facts_files_tls(files), json);
    base_json_key(json, "mended");
    facts_mended_json(&files->site.mended, json);
}

#include "stores/own.h"

static hf_store_options options_of(const stores_own *own, const stores_store *store, const stores_own_options *options)
{
    hf_store_options made = hf_store_options_init();

    made.path = own->way.path;
    made.folder = own->way.folder != NULL ? own->way.folder->fd : 0;
    made.read_only = options->read_only;
    made.durable = !options->read_only;
    made.enforce_localhost = true; /* what stands in the file is told, whatever would enforce it */
    made.lock_wait = store->lock_wait;
    made.damaged = options->damaged;
    made.self = options->self;
    return made;
}

bool stores_own_open(stores_own *own, const stores_store *store, const stores_own_options *options, base_error *error)
{
    hf_store_error problem = hf_store_error_init();

    own->store = NULL;
    if (!stores_way_open(&own->way, store, error))
        return false;
    const hf_store_options made = options_of(own, store, options);
    if (hf_store_open(&made, &own->store, &problem) == HF_OK) {
        if (options->read_only)
            stores_way_rest(&own->way);
        return true;
    }
    base_error_set(error, "%s", problem.text);
    if (own->way.folder != NULL)
        base_error_wrap(error, "%s", own->way.folder->path);
    stores_way_close(&own->way);
    return false;
}

void stores_own_close(stores_own *own)
{
    hf_store_close(own->store);
    stores_way_close(&own->way);
}

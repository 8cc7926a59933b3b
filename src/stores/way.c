#include "stores/way.h"

bool stores_way_open(stores_way *way, const stores_store *store, base_error *error)
{
    *way = (stores_way){.path = store->home != NULL ? store->inner : store->path, .home = store->home};
    if (way->home == NULL && store->format != NULL && stores_home_on_way(&way->met, store->path, &way->path)) {
        way->is_met = true;
        way->home = &way->met;
    }
    if (way->home != NULL)
        way->folder = &way->home->folder;
    if (stores_way_go_on(way, error))
        return true;
    stores_way_close(way);
    return false;
}

void stores_way_rest(stores_way *way)
{
    base_identity_return(&way->before);
}

bool stores_way_go_on(stores_way *way, base_error *error)
{
    return way->home == NULL || stores_home_enter(way->home, &way->before, error);
}

void stores_way_close(stores_way *way)
{
    stores_way_rest(way);
    if (way->is_met)
        stores_home_close(&way->met);
    *way = (stores_way){.path = NULL};
}

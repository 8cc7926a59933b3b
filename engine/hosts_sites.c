#include "hosts_sites.h"

#define FIRST_SIZE 8u

bool hf__sites_init(hf__sites *sites, hf__memory *memory, size_t count)
{
    *sites = (hf__sites){.size = FIRST_SIZE};
    while (sites->size - sites->size / 4 < count)
        sites->size *= 2;
    sites->slots = hf__allocate(memory, sites->size * sizeof *sites->slots);
    if (sites->slots == NULL)
        return false;
    memset(sites->slots, 0, sites->size * sizeof *sites->slots);
    return true;
}

void hf__sites_done(hf__sites *sites, hf__memory *memory)
{
    hf__release(memory, sites->slots, sites->size * sizeof *sites->slots);
    *sites = (hf__sites){0};
}

hf__site *hf__sites_get(hf__sites *sites, uint32_t name)
{
    size_t mask = sites->size - 1, i = name & mask;

    name = name != 0 ? name : 1;
    while (sites->slots[i].name != 0 && sites->slots[i].name != name)
        i = (i + 1) & mask;
    sites->slots[i].name = name;
    return &sites->slots[i];
}

size_t hf__sites_above(const hf__sites *sites, uint32_t level)
{
    size_t sum = 0;

    for (size_t i = 0; i < sites->size; i++)
        sum += sites->slots[i].count > level ? sites->slots[i].count - level : 0;
    return sum;
}

/* By halves: each level is one look at all sites. */
uint32_t hf__sites_level(const hf__sites *sites, size_t wanted, uint32_t *largest)
{
    uint32_t low = 0, high = 0;

    for (size_t i = 0; i < sites->size; i++)
        high = sites->slots[i].count > high ? sites->slots[i].count : high;
    *largest = high;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (hf__sites_above(sites, middle) >= wanted)
            low = middle;
        else
            high = middle;
    }
    return low;
}

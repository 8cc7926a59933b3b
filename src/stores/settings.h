/*
 * stores/settings.h: stores that the configurations of programs point to.
 */
#ifndef STORES_SETTINGS_H
#define STORES_SETTINGS_H

#include "stores/collect.h"

/* Adds what the profiles.ini in the folder `below` names; both count from its folder. */
void stores_add_profiles(const stores_spot *in, const char *below);

/* Adds what the configuration `below` says for `key`. */
void stores_add_pointed(const stores_spot *in, const char *below, const char *key);

#endif

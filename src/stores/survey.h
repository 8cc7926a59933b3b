/*
 * stores/survey.h: one store that was found, looked into: how many entries, how large, is its program running.
 */
#ifndef STORES_SURVEY_H
#define STORES_SURVEY_H

#include "facts/stores.h"
#include "stores/context.h"
#include "stores/find.h"

void stores_survey(const stores_found *found, const stores_context *context, facts_store_place *place);

#endif

/*
 * preload/cluster.h: contexts that go together get one table; see model.h.
 */
#ifndef PRELOAD_CLUSTER_H
#define PRELOAD_CLUSTER_H

#include "preload/grow.h"

/* Gives each node its table, removes those not worth their cost, and fills in the tables' lengths and codes, and their
 * number. */
void preload_cluster(preload_tree *tree, preload_model *model);

#endif

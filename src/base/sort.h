/*
 * base/sort.h: sorting in place, for arrays so large that the copy which qsort makes of them would be felt.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

#define BASE_SORT_ITEM_MAX 64

/* As qsort, for items of up to BASE_SORT_ITEM_MAX octets. It takes no memory, and n log n steps whatever the order was.
 */
void base_sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif

#include "preload/model.h"

#include "base/memory.h"
#include "preload/cluster.h"

#include <stdlib.h>

void preload_model_done(preload_model *model)
{
    free(model->contexts);
    model->contexts = NULL;
}

void preload_model_encode(const preload_model *model, uint32_t history, unsigned symbol, preload_bits *bits)
{
    const preload_context *context = model->contexts;

    for (unsigned depth = 0; depth < PRELOAD_DEPTH_MAX; depth++, history >>= 6) {
        uint32_t child = context->children[history & 63];
        if (child == 0)
            break;
        context = &model->contexts[child];
    }
    preload_bits_put(bits, model->codes[context->table][symbol], model->lengths[context->table][symbol]);
}

static void write_context(const preload_model *model, const preload_context *context, preload_bits *bits)
{
    preload_bits_put(bits, context->table, 8);
    preload_bits_put(bits, context->is_deeper, 1);
    if (!context->is_deeper)
        return;
    for (unsigned i = 0; i < model->symbol_count; i++)
        preload_bits_put(bits, context->children[i] != 0, 1);
    for (unsigned i = 0; i < model->symbol_count; i++) {
        if (context->children[i] != 0)
            write_context(model, &model->contexts[context->children[i]], bits);
    }
}

void preload_model_write_contexts(const preload_model *model, preload_bits *bits)
{
    write_context(model, model->contexts, bits);
}

/* -- Learning ------------------------------------------------------------------------------------------------------ */

/* Takes over the nodes that are left; `numbers` becomes the number of the context made of each. */
static void take_contexts(preload_model *model, const preload_tree *tree)
{
    uint32_t *numbers = base_allocate(tree->count * sizeof *numbers);

    model->contexts = base_allocate(tree->count * sizeof *model->contexts);
    for (size_t i = 0; i < tree->count; i++) {
        const preload_node *node = &tree->nodes[i];
        if (node->is_gone)
            continue;
        numbers[i] = (uint32_t)model->context_count;
        preload_context *context = &model->contexts[model->context_count++];
        context->table = node->table;
        context->is_deeper = node->child_count > 0;
        model->row_count += context->is_deeper && node->depth >= 2;
        if (i > 0)
            model->contexts[numbers[node->parent]].children[node->symbol] = numbers[i];
    }
    free(numbers);
}

void preload_model_learn(preload_model *model, unsigned symbol_count, const uint8_t *text, const size_t *ends,
                         size_t name_count)
{
    preload_tree tree;

    *model = (preload_model){.symbol_count = symbol_count};
    preload_tree_grow(&tree, symbol_count, text, ends, name_count);
    preload_cluster(&tree, model);
    take_contexts(model, &tree);
    preload_tree_done(&tree);
}

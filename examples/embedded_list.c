/*
 * A preload list inside a program. embedded_list_image.c was written by `holdfast preload compile --c`; a program of
 * yours links the browsers' list in the same way, and keeps its licence line.
 */
#include <holdfast/holdfast.h>

#include <stdio.h>
#include <string.h>

extern const unsigned char preload_image[];
extern const size_t preload_image_length;

static int look_up(const hf_preload *list, const char *name)
{
    hf_preload_match match;
    hf_host host;

    if (hf_host_parse(name, strlen(name), NULL, &host, NULL) != HF_OK)
        return 1;
    if (list->cover(list->self, &host, &match))
        printf("%s is preloaded, as %s\n", name, host.name + match.offset);
    else
        printf("%s is not preloaded\n", name);
    return 0;
}

int main(void)
{
    hf_preload_image *image;
    hf_preload list = {.size = sizeof list};
    int failed;

    if (hf_preload_open(preload_image, preload_image_length, NULL, &image) != HF_OK)
        return 1;
    hf_preload_from_image(image, &list);
    printf("%s\n", list.source);
    failed = look_up(&list, "www.example.com") | look_up(&list, "example.org");
    hf_preload_close(image);
    return failed;
}

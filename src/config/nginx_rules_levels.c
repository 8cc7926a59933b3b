#include "config/nginx_rules.h"

void nginx_judge_levels(const nginx_judging *judging)
{
    (void)judging;
}

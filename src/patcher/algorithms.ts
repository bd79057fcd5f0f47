import type { Algorithm } from './algorithm.js';
import { ALIGNED_STORE } from './algorithms/aligned-store.js';
import { ALIGNED_STORE_SYNC } from './algorithms/aligned-store-sync.js';
import { EMULATE_NO_FIXUP } from './algorithms/emulate-no-fixup.js';
import { EMULATE_NO_GAP } from './algorithms/emulate-no-gap.js';
import { INT3_RETRIES } from './algorithms/int3-retries.js';
import { INT3_SKIPS } from './algorithms/int3-skips.js';
import { STOP_MACHINE } from './algorithms/stop-machine.js';
import { STUB_PLAIN } from './algorithms/stub-plain.js';
import { STUB_R10_R11 } from './algorithms/stub-r10-r11.js';
import { STUB_STATIC } from './algorithms/stub-static.js';
import { STUB_STI } from './algorithms/stub-sti.js';
import { STUB_STI_FORGOT_IF } from './algorithms/stub-sti-forgot-if.js';
import { STUB_STI_NO_FIRST_SYNC } from './algorithms/stub-sti-no-first-sync.js';
import { TEXT_POKE_BP_DESC_ALGORITHMS } from './algorithms/text-poke-bp-desc.js';
import { TEXT_POKE_BP_NO_SYNC } from './algorithms/text-poke-bp-no-sync.js';
import { TEXT_POKE_BP_NO_SYNC1 } from './algorithms/text-poke-bp-no-sync1.js';
import { TEXT_POKE_BP_NO_SYNC2 } from './algorithms/text-poke-bp-no-sync2.js';
import { TEXT_POKE_BP_NO_SYNC3 } from './algorithms/text-poke-bp-no-sync3.js';
import { NAIVE_MEMCPY } from './naive-memcpy.js';
import { TEXT_POKE_BP } from './text-poke-bp.js';

/** The built-in algorithms by name. */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  [
    TEXT_POKE_BP,
    NAIVE_MEMCPY,
    TEXT_POKE_BP_NO_SYNC1,
    TEXT_POKE_BP_NO_SYNC2,
    TEXT_POKE_BP_NO_SYNC3,
    TEXT_POKE_BP_NO_SYNC,
    ...TEXT_POKE_BP_DESC_ALGORITHMS,
    ALIGNED_STORE,
    ALIGNED_STORE_SYNC,
    STOP_MACHINE,
    EMULATE_NO_GAP,
    EMULATE_NO_FIXUP,
    INT3_SKIPS,
    INT3_RETRIES,
    STUB_PLAIN,
    STUB_STI,
    STUB_STI_NO_FIRST_SYNC,
    STUB_STI_FORGOT_IF,
    STUB_STATIC,
    STUB_R10_R11,
  ].map((algorithm) => [algorithm.name, algorithm]),
);

import { describe, expect, it } from 'vitest';
import { RoundRobin } from '../../../src/explore/round-robin.js';
import { run } from '../../../src/explore/run.js';
import { ALGORITHMS } from '../../../src/patcher/algorithms.js';
import { SYNC, textPoke } from '../labels.js';
import { builtIn, steppedWorld } from './stepped-world.js';

/** What text_poke_bp does for one site between its references, with some of its sync cores. */
const changes = (syncs: readonly number[]): string[] => {
  const sync = (after: number): string[] => (syncs.includes(after) ? SYNC : []);
  return [...textPoke(1), ...sync(1), ...textPoke(4), ...sync(2), ...textPoke(1), ...sync(3)];
};

/** text_poke_bp of one site on two CPUs, with some of its sync cores. */
const textPokeBp = (syncs: readonly number[]): string[] => [
  '__smp_text_poke_batch_add: vec[nr_entries++] = the patch',
  'if (!text_poke_array.nr_entries) return',
  'atomic_set_release(text_poke_array_refs of a CPU, 1)',
  'atomic_set_release(text_poke_array_refs of a CPU, 1)',
  'text_poke_array.vec[i].old = *addr',
  ...changes(syncs),
  'atomic_dec_and_test(text_poke_array_refs of a CPU)',
  'atomic_dec_and_test(text_poke_array_refs of a CPU)',
  'text_poke_array.nr_entries = 0',
];

/** The same with bp_desc, on any number of CPUs. */
const textPokeBpDesc = (syncs: readonly number[]): string[] => [
  'text_poke_loc_init: tp_vec[tp_vec_nr++] = the patch',
  'if (!tp_vec_nr) return',
  'bp_desc.vec = tp; bp_desc.nr_entries = nr_entries',
  'atomic_set_release(&bp_desc.refs, 1)',
  'tp[i].old = *addr',
  ...changes(syncs),
  'atomic_dec_and_test(&bp_desc.refs)',
  'tp_vec_nr = 0',
];

/** text_poke_bp of 2013 to 2019. */
const TEXT_POKE_BP_2013 = [
  'bp_int3_handler = handler',
  'bp_int3_addr = addr + sizeof(int3)',
  'bp_patching_in_progress = true',
  ...changes([1, 2, 3]),
  'bp_patching_in_progress = false',
];

const PLAIN_STUB = ['the stub gets another use', 'stub: push $returnaddressforTHIScall', 'stub: jmp targetforTHIScall'];
const STI_STUB = ['STI stub: push $returnaddressforTHIScall', 'STI stub: sti', 'STI stub: jmp targetforTHIScall'];
const REUSE = 'the stub can be re-used for the next static call fixup';

/** Each CPU in turn: the patcher is the first to acknowledge, the other one sets the next state. */
const STOP_MACHINE = [
  'atomic_set(&stop_machine_first, 1); wrote_text = 0',
  'set_state(MULTI_STOP_PREPARE); wake the stoppers of the other CPUs',
  // MULTI_STOP_PREPARE
  'newstate = READ_ONCE(msdata->state): wait for the next state',
  'ack_state: atomic_dec_and_test(&msdata->thread_ack)',
  'newstate = READ_ONCE(msdata->state): wait for the next state',
  'MULTI_STOP_DISABLE_IRQ: local_irq_disable()',
  'ack_state: atomic_dec_and_test(&msdata->thread_ack)',
  // MULTI_STOP_RUN
  'newstate = READ_ONCE(msdata->state): wait for the next state',
  'if (atomic_dec_and_test(&stop_machine_first))',
  ...Array.from({ length: 5 }, () => 'text_poke: store one byte'),
  'wrote_text = 1',
  'sync_core()',
  'ack_state: atomic_dec_and_test(&msdata->thread_ack)',
  // MULTI_STOP_EXIT
  'newstate = READ_ONCE(msdata->state): wait for the next state',
  'ack_state: atomic_dec_and_test(&msdata->thread_ack)',
  'local_irq_restore(flags)',
  'wait_for_completion: every stopper is done',
];

/** What the patcher does for one patch on two CPUs, between the begin and the return of the patch API. */
const PATCHER: Readonly<Record<string, readonly string[]>> = {
  'text-poke-bp': textPokeBp([1, 2, 3]),
  memcpy: Array.from({ length: 5 }, () => 'memcpy: store one byte'),
  'text-poke-bp-no-sync1': textPokeBp([2, 3]),
  'text-poke-bp-no-sync2': textPokeBp([1, 3]),
  'text-poke-bp-no-sync3': textPokeBp([1, 2]),
  'text-poke-bp-no-sync': textPokeBp([]),
  'text-poke-bp-desc': textPokeBpDesc([1, 2, 3]),
  'text-poke-bp-desc-no-sync1': textPokeBpDesc([2, 3]),
  'text-poke-bp-desc-no-sync2': textPokeBpDesc([1, 3]),
  'text-poke-bp-desc-no-sync3': textPokeBpDesc([1, 2]),
  'aligned-store': ['store the whole new instruction'],
  'aligned-store-sync': ['store the whole new instruction', ...SYNC],
  'stop-machine': STOP_MACHINE,
  'emulate-no-gap': textPokeBp([1, 2, 3]),
  'emulate-no-fixup': textPokeBp([1, 2, 3]),
  'int3-skips': textPokeBp([1, 2, 3]),
  'int3-retries': textPokeBp([1, 2, 3]),
  'stub-plain': [...PLAIN_STUB, ...SYNC, ...TEXT_POKE_BP_2013, REUSE],
  'stub-sti': [...PLAIN_STUB, ...STI_STUB, ...SYNC, ...TEXT_POKE_BP_2013, REUSE],
  'stub-sti-no-first-sync': [...PLAIN_STUB, ...STI_STUB, ...TEXT_POKE_BP_2013, REUSE],
  'stub-sti-forgot-if': [...PLAIN_STUB, ...STI_STUB, ...SYNC, ...TEXT_POKE_BP_2013, REUSE],
  'stub-static': [
    'bp_call_function = the new target',
    ...TEXT_POKE_BP_2013,
    'the slots can be re-used for the next call',
  ],
  'stub-r10-r11': textPokeBp([1, 2, 3]),
};

const arrayHandler = (entry: string, action: string): string[] => [
  entry,
  'raw_atomic_inc_not_zero(this_cpu_ptr(&text_poke_array_refs))',
  'nr_entries = text_poke_array.nr_entries',
  '__inline_bsearch: compare vec[middle] with ip',
  'read tpl->len and tpl->opcode',
  action,
  'put_text_poke_array: raw_atomic_dec(refs)',
  'iretq',
];
const GAP = 'asm_exc_int3: push ORIG_RAX; open the stack gap';
const NO_GAP = 'asm_exc_int3: push ORIG_RAX';
const EMULATES = 'read tpl->disp; int3_emulate_{jmp,call,ret,jcc}(regs)';
const bpHandler = (...adjust: string[]): string[] => [
  NO_GAP,
  'smp_rmb(); read bp_patching_in_progress',
  'regs->ip == bp_int3_addr ?',
  'newip = bp_int3_handler',
  ...adjust,
  'regs->ip = newip',
  'iretq',
];

/** What a CPU with interrupts on does in the handler of a patcher's INT3. */
const HANDLER: Readonly<Record<string, readonly string[]>> = {
  'text-poke-bp': arrayHandler(GAP, EMULATES),
  'text-poke-bp-desc': [
    GAP,
    'try_get_desc: raw_atomic_inc_not_zero(&bp_desc.refs)',
    'nr_entries = desc->nr_entries',
    '__inline_bsearch: compare vec[middle] with ip',
    'read tpl->len and tpl->opcode',
    EMULATES,
    'put_desc: raw_atomic_dec(&bp_desc.refs)',
    'iretq',
  ],
  'emulate-no-gap': arrayHandler(NO_GAP, EMULATES),
  'emulate-no-fixup': arrayHandler(GAP, EMULATES),
  'int3-skips': arrayHandler(GAP, 'regs->ip += tpl->len - INT3_INSN_SIZE: skip the instruction'),
  'int3-retries': arrayHandler(GAP, 'regs->ip -= INT3_INSN_SIZE: try again'),
  'stub-plain': bpHandler(),
  'stub-sti': bpHandler('regs->flags & X86_EFLAGS_IF: newip = the STI stub; clear IF'),
  'stub-sti-forgot-if': bpHandler('regs->flags & X86_EFLAGS_IF: newip = the STI stub'),
  'stub-static': bpHandler(
    'this_cpu_write(bp_call_return, ip + CALL_INSN_SIZE)',
    'this_cpu_write(bp_call_target, bp_call_function)',
    'regs->flags & X86_EFLAGS_IF: newip = emulate_call_irqoff; clear IF',
  ),
  'stub-r10-r11': arrayHandler(GAP, 'R10 = return address; R11 = target; regs->ip = the thunk'),
};

describe('the steps of each algorithm', () => {
  it('are written down here for all of them', () => {
    expect(Object.keys(PATCHER).sort()).toEqual([...ALGORITHMS.keys()].sort());
  });

  for (const [name, labels] of Object.entries(PATCHER)) {
    it(`${name}: the patcher's`, () => {
      const world = steppedWorld(builtIn(name), { workers: ['spin'] });
      run(world.machine, world.monitors, new RoundRobin(), 1000);
      expect(world.labels().slice(1, -1)).toEqual(labels);
      expect([world.text('site', 5), world.violated]).toEqual(['e803000000', undefined]);
    });
  }

  for (const [name, labels] of Object.entries(HANDLER)) {
    it(`${name}: the int3 handler's`, () => {
      const world = steppedWorld(builtIn(name));
      while (world.text('site', 1) !== 'cc') world.until('unuse_temporary_mm').proc();
      expect(world.insn().handler().labels(1).slice(-labels.length)).toEqual(labels);
    });
  }

  it('declare goals', () => {
    for (const name of ALGORITHMS.keys()) {
      expect([name, steppedWorld(builtIn(name)).installed.goals.length]).not.toEqual([name, 0]);
    }
  });
});

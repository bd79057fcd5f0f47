/*
 * text_poke_bp of v5.6 to v6.14 on a site that straddles two lines, under WORKERS CPUs that execute it for ever: the model
 * of bench/looping-workers.yaml, written for SPIN.
 *
 * What is abstracted: a CALL is three units (the first byte, and the displacement's halves on either side of the line), a
 * target is a number, the patcher changes the target PATCHES times. Each CPU fetches from its own view of the units, of
 * which any may be filled from memory at any time and all are where the CPU serialises. Where a step here is coarser than
 * the machine's (the handler, the call and its body), that is in favour of SPIN.
 *
 * -DWORKERS=n -DPATCHES=n; -DNO_SYNC1, -DNO_SYNC2, -DNO_SYNC3: without the sync core after INT3, the tail, the first byte.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef PATCHES
#define PATCHES 2
#endif

#define CALL 0
#define INT3 1

#define FIRST 0
#define LEFT  1
#define RIGHT 2

typedef units { byte at[3] };

units text;                     /* what the patcher's stores made of the site */
units view[WORKERS];            /* what each CPU fetches */
bool  call_function[WORKERS];   /* IPIs that are pending */
byte  unacked;                  /* CPUs that have not answered the sync core that is under way */
byte  refs;                     /* bp_desc.refs */
byte  disp;                     /* tp_vec[0].disp: the target to be emulated */
byte  target;                   /* what the instruction calls once the patch is there */
bool  returned;                 /* the last patch has returned */

inline serialize()
{
	view[_pid].at[FIRST] = text.at[FIRST];
	view[_pid].at[LEFT]  = text.at[LEFT];
	view[_pid].at[RIGHT] = text.at[RIGHT]
}

#define STALE(unit) (view[_pid].at[unit] != text.at[unit])

inline fill(unit) { atomic { STALE(unit) -> view[_pid].at[unit] = text.at[unit] } }

active [WORKERS] proctype cpu()
{
	bool interrupts = true;
	bool late;                  /* the pass began when the last patch had returned */
	byte first, left, right;

	do
	:: atomic { interrupts && call_function[_pid] -> call_function[_pid] = false; serialize() };
	   unacked--
	:: fill(FIRST)
	:: fill(LEFT)
	:: fill(RIGHT)
#ifndef INTERRUPTS_STAY_ON
	:: interrupts = !interrupts
#endif
	:: late = returned;
	   first = view[_pid].at[FIRST];
	   if
	   :: first == INT3 ->
		/* poke_int3_handler: try_get_desc(), emulate, put_desc(); IRET serialises */
		atomic { assert(refs > 0); refs++ };
		atomic { left = disp; right = disp };
		atomic { refs--; serialize() }
	   :: else ->
		/* the rest may come in later than the first byte */
		if
		:: fill(LEFT)
		:: fill(RIGHT)
		:: true
		fi;
		left = view[_pid].at[LEFT];
		right = view[_pid].at[RIGHT]
	   fi;
	   atomic {
		assert(left == right);            /* no-torn-instruction */
		assert(!late || left == target);  /* quiesced-after-return */
		late = false; first = 0; left = 0; right = 0
	   }
	od
}

inline text_poke_sync()
{
	atomic {
		n = 0;
		do
		:: n < WORKERS -> call_function[n] = true; unacked++; n++
		:: else -> break
		od;
		n = 0
	};
	unacked == 0
}

active proctype patcher()
{
	byte n, patches;

	do
	:: patches < PATCHES ->
		target = 1 - target;
		disp = target;
		refs = 1;
		text.at[FIRST] = INT3;
#ifndef NO_SYNC1
		text_poke_sync();
#endif
		text.at[LEFT] = target;
		text.at[RIGHT] = target;
#ifndef NO_SYNC2
		text_poke_sync();
#endif
		text.at[FIRST] = CALL;
#ifndef NO_SYNC3
		text_poke_sync();
#endif
		refs--;
		refs == 0;
		patches++
	:: else -> break
	od;
	returned = true;
end:	false
}

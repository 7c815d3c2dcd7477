import { conflict } from "./conflict.ts";
import { create } from "./create.ts";
import { destroy } from "./destroy.ts";
import { drift } from "./drift.ts";
import { edit } from "./edit.ts";
import { machines } from "./machines.ts";
import { preview } from "./preview.ts";
import { repeat } from "./repeat.ts";
import { retag } from "./retag.ts";
import type { Step } from "./step.ts";

/** The steps of the demo, in order; each begins where the one before it ended. */
export const STEPS: readonly Step[] = [
	preview,
	create,
	repeat,
	edit,
	drift,
	conflict,
	machines,
	retag,
	destroy,
];

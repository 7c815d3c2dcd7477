import assert from "node:assert/strict";
import { Commands } from "./commands.ts";
import { Judge } from "./judge.ts";
import type { Place, Single } from "./place.ts";
import { playSteps, Stage } from "./stage.ts";
import type { History, Program, Step } from "./step.ts";

const HOUR = 3_600_000;

/** Plays a history on an empty place; fails if a promise is broken. */
export async function playHistory(
	place: Place,
	{ program, ignored, lag = 0, world, steps }: History,
): Promise<void> {
	place.setLag?.(lag);
	if (world !== undefined) place.setWorld?.(world);
	await playSteps(new Player(place, program, ignored), steps);
}

/** The program and the object of one history. */
class Player {
	readonly #place: Place;
	readonly #judge: Judge;
	readonly #commands: Commands<Single>;
	/** Whether state may lack the record of its tenant. */
	#wereTokensOpaque = false;

	constructor(place: Place, program: Program, ignored: readonly string[] = []) {
		this.#place = place;
		this.#judge = new Judge(place, ignored);
		const stage = new Stage({
			open: (around) => place.open(around),
			network: place.network,
			about: () => place.label,
			see: () => place.view(),
		});
		stage.resource.ignoring = ignored.map((knob) => place.ignoredPaths[knob] ?? knob);
		this.#commands = new Commands({ place, judge: this.#judge, stage, program });
	}

	async take(step: Step): Promise<void> {
		const { tenants } = this.#place;
		if (step.do === "declare") this.#declare(step.knob, step.value);
		else if (step.do === "wait") this.#place.pass(HOUR);
		else if (step.do === "tokens") this.#setTokens(step.areOpaque);
		else if (step.do === "elsewhere")
			await tenants?.runElsewhere(() => this.#commands.assertRefusedElsewhere(step.command, tenants));
		else await this.#commands.take(step);
		if (tenants !== undefined && !this.#wereTokensOpaque) this.#commands.assertTenantRecorded(tenants);
		await this.#commands.inspect();
	}

	/** Concludes the history: one or two undisturbed runs deploy everything as declared, and another deletes it. */
	async conclude(): Promise<void> {
		this.#place.settle?.();
		this.#commands.onDrift = "reconcile";
		this.#place.tenants?.setOpaque(false);
		for (let runs = 0; runs < 2; runs++) await this.#commands.up({ adopt: this.#place.view() !== undefined });
		const sight = this.#place.view();
		assert.ok(sight, "the object exists in the end");
		this.#judge.holds(sight, this.#commands.program);
		await this.#commands.assertDone();
		await this.#commands.destroy();
		assert.equal(this.#place.view(), undefined, "the object can be deleted in the end");
		this.#commands.assertDiscreet();
	}

	#setTokens(areOpaque: boolean): void {
		this.#place.tenants?.setOpaque(areOpaque);
		this.#wereTokensOpaque ||= areOpaque;
	}

	#declare(knob: string, value: string | undefined): void {
		this.#commands.program = { ...this.#commands.program, [knob]: value };
	}
}

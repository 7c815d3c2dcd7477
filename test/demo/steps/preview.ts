import type { Step } from "./step.ts";

/** A preview writes nothing. */
export const preview: Step = {
	title: "What would be done",
	why: "The hub is empty and the data file declares a fleet. A preview says what `up` would do, and does none of it.",
	async run(scene) {
		await scene.pulumi("preview");
		scene.checkNothingWritten();
		scene.check(
			"the registry is empty",
			scene.registry.map(({ deviceId }) => deviceId),
		);
	},
};

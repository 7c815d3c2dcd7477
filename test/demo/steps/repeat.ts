import type { Step } from "./step.ts";

/** An `up` without an edit writes nothing. */
export const repeat: Step = {
	title: "The same again",
	why: "Nothing was edited, so nothing may be written. The etag of each device tells that nobody else wrote it either.",
	async run(scene) {
		const before = scene.registry;
		await scene.pulumi("up");
		scene.checkNothingWritten();
		scene.checkUntouched(before, "every device has the etag that it had");
	},
};

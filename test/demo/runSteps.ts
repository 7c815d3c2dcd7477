import { Mismatch, type Scene } from "./scene.ts";
import type { Step } from "./steps/step.ts";

/** Runs the steps up to the first that is not as it should be; the exit code of it all. */
export async function runSteps(steps: readonly Step[], scene: Scene): Promise<0 | 1> {
	const started = Date.now();
	try {
		for (const [index, step] of steps.entries()) {
			scene.screen.heading(index + 1, step.title, step.why);
			await step.run(scene);
		}
	} catch (error) {
		if (!(error instanceof Mismatch)) throw error;
		scene.screen.title("Not as declared.", "The line with the cross above says what is different.");
		return 1;
	}
	const seconds = Math.round((Date.now() - started) / 1000);
	scene.screen.title(`${scene.checks} checks, all as declared, in ${seconds} seconds.`);
	return 0;
}

import type { Scene } from "../scene.ts";

/** A step of the demo. */
export interface Step {
	readonly title: string;
	/** What is about to happen, and why it is worth seeing. */
	readonly why: string;
	/** Does it; throws where something is not as it should be. */
	run(scene: Scene): Promise<void>;
}

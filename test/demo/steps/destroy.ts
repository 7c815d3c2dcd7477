import type { Step } from "./step.ts";

/** Everything goes. */
export const destroy: Step = {
	title: "The fleet goes",
	why: "Children go before their gateways, and each device only under the etag that the stack knows.",
	async run(scene) {
		await scene.pulumi("destroy");
		scene.check(
			"the registry is empty",
			scene.registry.map(({ deviceId }) => deviceId),
		);
	},
};

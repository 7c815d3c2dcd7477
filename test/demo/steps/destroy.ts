import type { Step } from "./step.ts";

/** Everything goes. */
export const destroy: Step = {
	title: "Everything goes",
	why: "Children go before their gateways, and each device only under the etag that the stack knows. A machine's registration is deleted only if its fields are as they were, and waited for until the tenant does not know it any more.",
	async run(scene) {
		await scene.pulumi("destroy");
		scene.check(
			"the registry is empty",
			scene.registry.map(({ deviceId }) => deviceId),
		);
		await scene.pulumi("destroy", { of: "machines" });
		scene.check(
			"the tenant is empty",
			scene.tenant.map(({ serialNumber }) => serialNumber),
		);
	},
};

import type { Deployment } from "./deployment.ts";

/** Says what was cut off in the last operation (pkg/resource/deploy/deployment_executor.go). */
export function warnPending({ base, emitter, options }: Deployment): void {
	const { pendingOperations: pending } = base;
	if (pending.length === 0 || options.dryRun) return;
	const list = pending
		.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`)
		.join("");
	emitter.diagnose(
		"warning",
		`Attempting to deploy or update resources with ${pending.length} pending operations from previous ` +
			`deployment.\n${list}These resources are in an unknown state because the Pulumi CLI was interrupted while ` +
			"waiting for changes to these resources to complete. You should confirm whether or not the operations " +
			"listed completed successfully by checking the state of the appropriate provider.",
	);
}

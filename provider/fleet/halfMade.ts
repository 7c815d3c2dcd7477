import { PartialError } from "../lifecycle/errors.ts";
import { FleetError } from "./errors.ts";
import type { FleetType } from "./kind.ts";
import { fitOutputsToError } from "./state.ts";

/**
 * The error of a fleet of which some members failed, with what state is to keep of the others; where that is more than an
 * error can carry, state stays as it was, and the next run finds out what this one did.
 *
 * @param outs what state is to keep
 */
export function createPartialFailure<Inputs extends object>(
	fleetType: Pick<FleetType<Inputs>, "membersProperty" | "sharedFields" | "messageLimits">,
	{ id, outs, error }: { id: string; outs: Record<string, unknown>; error: FleetError },
): Error {
	const properties = fitOutputsToError(fleetType, outs);
	if (properties !== undefined) return new PartialError(id, properties, error);
	const summary =
		`The fleet is so large that Pulumi can't be told together with a failure what succeeded, so state is as it was before this ` +
		`run. Run the command again: it recognizes the ${fleetType.membersProperty} that this run dealt with. Smaller fleets do not need that.\n` +
		error.summary;
	return new FleetError(summary, error.failed);
}

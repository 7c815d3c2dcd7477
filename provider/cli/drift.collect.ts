import { mapConcurrentlyOrThrow } from "../fleet/concurrency.ts";
import type { Consistency } from "../resource/resourceType.ts";
import { inspectManagedObject } from "./drift.inspect.ts";
import type { DriftCounts, DriftReport, ReportedResource } from "./drift.report.ts";
import { countObjects, countUnreadableFleet, NO_OBJECTS, sumCounts } from "./drift.summary.ts";
import { isAutopilotType, type ManagedObject, type StackState } from "./stackState.ts";

/** Maximum number of resources that are inspected at the same time. */
const MAX_CONCURRENT_INSPECTIONS = 16;

/** Inspects all objects of a stack. An object that cannot be read is reported as `unreadable` and does not stop the others. */
export async function createDriftReport(state: StackState, consistency: Consistency): Promise<DriftReport> {
	const { stack, objects } = state;
	const outcomes = await mapConcurrentlyOrThrow(objects, MAX_CONCURRENT_INSPECTIONS, async (object) => {
		const resource = await inspectManagedObject(object, state, consistency);
		return { isMachine: isAutopilotType(object.type), resource, counts: countOutcome(object, resource) };
	});
	const sumWhere = (isMachine: boolean): DriftCounts =>
		sumCounts(outcomes.filter((outcome) => outcome.isMachine === isMachine).map(({ counts }) => counts));
	const resources = outcomes
		.map(({ resource }) => resource)
		.filter((resource) => resource !== undefined)
		.sort((a, b) => (a.urn < b.urn ? -1 : 1));
	const failed = resources.filter(({ status }) => status === "unreadable").length;
	return {
		version: 1,
		...(stack === undefined ? {} : { stack }),
		checked: objects.length,
		drifted: resources.length - failed,
		failed,
		withheld: objects.reduce((sum, { encryptedPaths }) => sum + encryptedPaths.length, 0),
		devices: sumWhere(false),
		machines: sumWhere(true),
		resources,
	};
}

/** Returns how many devices or machines the resource stands for, and the status of each. */
function countOutcome({ values }: ManagedObject, resource: ReportedResource | undefined): DriftCounts {
	if (resource?.counts !== undefined) return resource.counts;
	const memberCount = values["count"];
	if (typeof memberCount !== "number") return countObjects(1, resource === undefined ? [] : [resource]);
	return resource === undefined ? { ...NO_OBJECTS, checked: memberCount } : countUnreadableFleet(memberCount);
}

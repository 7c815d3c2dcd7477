import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { type Plan, Resource } from "../harness/resource.ts";
import type { Values } from "../subject/subject.ts";

/** One resource of a stack, and what the program declares of it. */
export interface FleetMember {
	readonly resource: Resource;
	readonly inputs: Values;
}

/** Many resources of one stack, deployed by one process. */
export async function deployMembers(
	life: ResourceProvider,
	declared: readonly Values[],
): Promise<FleetMember[]> {
	const members = declared.map((inputs) => ({ resource: new Resource(() => life), inputs }));
	for (const { resource, inputs } of members) await resource.up(inputs);
	return members;
}

/** Plans them all in one process, one after the other. Answers the steps. */
export async function planMembers(
	life: ResourceProvider,
	members: readonly FleetMember[],
): Promise<Plan["step"][]> {
	const steps: Plan["step"][] = [];
	for (const { resource, inputs } of members) steps.push((await resource.plan(inputs, life)).step);
	return steps;
}

/** Plans them all at the same time. */
export async function planMembersConcurrently(
	life: ResourceProvider,
	members: readonly FleetMember[],
): Promise<Plan["step"][]> {
	const plans = await Promise.all(members.map(({ resource, inputs }) => resource.plan(inputs, life)));
	return plans.map(({ step }) => step);
}

/** How often each of them is among the steps. */
export function countByStep(steps: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const step of steps) counts[step] = (counts[step] ?? 0) + 1;
	return counts;
}

/** `name-0`, `name-1` and so on. */
export function generateNames(name: string, count: number): string[] {
	return Array.from({ length: count }, (_, at) => `${name}-${at}`);
}

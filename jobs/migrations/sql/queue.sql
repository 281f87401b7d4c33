-- Queues the id of each job that waits, and nothing else of it, in the transaction that makes it so.
-- One of a Client's kind at a time, in their order: a hundred exports of one hold up no other.
create function queue_job() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform procrastinate_defer_jobs_v1(array[row(
        'jobs', 'jobs.run', 0, new.client_id || ' ' || new.kind, null,
        jsonb_build_object('job_id', new.id), null
    )::procrastinate_job_to_defer_v1]);
    return null;
end $$;
create trigger queue after insert or update of state on jobs_job
    for each row when (new.state = 'queued') execute function queue_job();

-- The queue is worker's alone. Web makes jobs of its Client, writes how far they are, and ends them;
-- what a job is and who made it, it cannot change.
revoke all on procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
    procrastinate_workers from paykassma_web;
revoke update, delete on jobs_job from paykassma_web;
grant update (state, done, total, position, interruptions, heartbeat_at, cancel_asked_at, ended_at,
    reason, reason_values) on jobs_job to paykassma_web;

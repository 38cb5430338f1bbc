"""Reports: definitions by plugins, periods, figures that reconcile, exports."""
